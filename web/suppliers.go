package web

func (s *Server) suppliersRoutes() {}
