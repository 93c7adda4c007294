package web

func (s *Server) homeRoutes() {}
