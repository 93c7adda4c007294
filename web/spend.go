package web

func (s *Server) spendRoutes() {}
